// (apply) under work
