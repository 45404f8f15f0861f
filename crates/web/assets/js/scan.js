// (scan) under work
