"""The article's ways of writing and reading lines in Python: lines.py WAY DIR FILES LINES"""
import asyncio
import json
import resource
import sys
import threading
import time


def path_of(directory, file):
    return f"{directory}/{file}.txt"


def write_file(directory, file, lines):
    with open(path_of(directory, file), "w") as stream:
        for line in range(lines):
            stream.write(f"This is line {line} of the file\n")


def read_file(directory, file):
    lines = size = 0
    with open(path_of(directory, file)) as stream:
        for line in stream:
            lines += 1
            size += len(line)
    return lines, size


def write_sync(directory, files, lines):
    for file in range(files):
        write_file(directory, file, lines)


def write_sync_thread(directory, files, lines):
    in_threads(lambda file: write_file(directory, file, lines), files)


def write_aiofiles(directory, files, lines):
    import aiofiles

    async def write(file):
        async with aiofiles.open(path_of(directory, file), "wb", buffering=0) as stream:
            for line in range(lines):
                await stream.write(f"This is line {line} of the file\n".encode())

    async def write_all():
        await asyncio.gather(*(write(file) for file in range(files)))

    asyncio.run(write_all())


def read_sync(directory, files, _):
    return total(read_file(directory, file) for file in range(files))


def read_sync_thread(directory, files, _):
    return total(in_threads(lambda file: read_file(directory, file), files))


def in_threads(work, files):
    results = [None] * files

    def run(file):
        results[file] = work(file)

    threads = [threading.Thread(target=run, args=(file,)) for file in range(files)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def total(results):
    results = list(results)
    return sum(lines for lines, _ in results), sum(size for _, size in results)


WAYS = {
    "write-sync": write_sync,
    "write-sync-thread": write_sync_thread,
    "write-aiofiles": write_aiofiles,
    "read-sync": read_sync,
    "read-sync-thread": read_sync_thread,
}


def peak_rss_bytes():
    """Not ru_maxrss, which a program inherits from the one that started it."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


def main():
    way, directory, files, lines = sys.argv[1:]
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    read = WAYS[way](directory, int(files), int(lines))
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({
        "seconds": seconds,
        "cpuUserSeconds": after.ru_utime - before.ru_utime,
        "cpuSystemSeconds": after.ru_stime - before.ru_stime,
        "peakRssBytes": peak_rss_bytes(),
        "figures": {"lines": read[0], "bytes": read[1]} if read else {},
    }))


if __name__ == "__main__":
    main()
