// (cross-device) under work
