// (history) under work
