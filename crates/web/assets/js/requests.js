// (requests) under work
