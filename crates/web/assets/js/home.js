// (home) under work
