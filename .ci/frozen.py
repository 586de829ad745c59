"""The program as it starts inside the folder that is handed out (build_installer.spec)."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()  # first: a worker process starts this same file

    from ui.app import main

    sys.exit(main())
