// (recover) under work
