// (show) under work
