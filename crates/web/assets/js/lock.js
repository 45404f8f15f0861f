// (lock) under work
