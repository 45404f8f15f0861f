// (done) under work
