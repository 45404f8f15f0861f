// (document) under work
