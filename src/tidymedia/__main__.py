"""``python -m tidymedia``: the command line where its script is not on the path."""

from tidymedia.cli import main

if __name__ == "__main__":
    main()
