// (approve) under work
