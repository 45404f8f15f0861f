// (session) under work
