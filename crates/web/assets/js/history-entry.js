// (history-entry) under work
