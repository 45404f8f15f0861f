// (pin) under work
