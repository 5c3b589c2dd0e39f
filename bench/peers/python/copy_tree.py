"""`cp -r`, measured from outside: copy_tree.py TARGET, with the tree in `source` beside the target"""
import json
import os
import resource
import subprocess
import sys
import time


def main():
    target = sys.argv[1]
    source = os.path.join(os.path.dirname(target), "source")
    start = time.perf_counter()
    subprocess.run(["cp", "-r", source, os.path.join(target, "copy")], check=True)
    seconds, used = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps({
        "seconds": seconds,
        "cpuUserSeconds": used.ru_utime,
        "cpuSystemSeconds": used.ru_stime,
        "peakRssBytes": used.ru_maxrss * 1024,
        "figures": {},
    }))


if __name__ == "__main__":
    main()
