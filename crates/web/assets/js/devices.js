// (devices) under work
