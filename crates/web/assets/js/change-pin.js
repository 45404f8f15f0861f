// (change-pin) under work
