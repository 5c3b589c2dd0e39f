/* What every C peer shares: the line, the clock, and the report that the bench reads from the standard output. */
#pragma once
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 64, PATH_MAX_BYTES = 4096 };

/* The exit code of a peer that this machine does not let take part. */
enum { EXIT_SKIPPED = 77 };

static inline void die(const char *what)
{
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

/* "This is line {line} of the file\n" without printf, which would cost more than half of a system call. */
static inline size_t format_line(char *to, long line)
{
    static const char before[] = "This is line ", after[] = " of the file\n";
    char digits[24];
    size_t count = 0, length = sizeof before - 1;
    do {
        digits[count++] = (char)('0' + line % 10);
        line /= 10;
    } while (line > 0);
    memcpy(to, before, length);
    while (count > 0) to[length++] = digits[--count];
    memcpy(to + length, after, sizeof after - 1);
    return length + sizeof after - 1;
}

static inline int open_file(const char *directory, int file, int flags)
{
    char path[PATH_MAX_BYTES];
    snprintf(path, sizeof path, "%s/%d.txt", directory, file);
    int fd = open(path, flags | O_CLOEXEC, 0644);
    if (fd < 0) die(path);
    return fd;
}

/* All the files are open at once, more than the usual soft limit of 1,024 lets be. */
static inline void raise_file_limit(int files)
{
    enum { OTHERS = 16 };
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) < 0) die("getrlimit");
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) < 0) die("setrlimit");
    if (limit.rlim_max < (rlim_t)files + OTHERS) {
        fprintf(stderr, "%d files do not fit under the limit of open files, %ld: raise it (ulimit -Hn)\n", files,
                (long)limit.rlim_max);
        exit(EXIT_SKIPPED);
    }
}

static inline int number(const char *text)
{
    int value = atoi(text);
    if (value < 1) {
        fprintf(stderr, "%s: not a number from 1\n", text);
        exit(1);
    }
    return value;
}

struct meter {
    double seconds, user, system;
};

static inline struct meter meter_now(void)
{
    struct timespec now;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    return (struct meter){
        now.tv_sec + now.tv_nsec / 1e9,
        usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6,
        usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6,
    };
}

/* Not ru_maxrss, which a program inherits from the one that started it. */
static inline long long peak_rss_bytes(void)
{
    char line[256];
    long long kibibytes = 0;
    FILE *status = fopen("/proc/self/status", "r");
    if (!status) return 0;
    while (fgets(line, sizeof line, status) && sscanf(line, "VmHWM: %lld", &kibibytes) != 1) continue;
    fclose(status);
    return kibibytes * 1024;
}

static inline void meter_report(struct meter since, long long lines, long long bytes)
{
    struct meter now = meter_now();
    printf("{\"seconds\":%.6f,\"cpuUserSeconds\":%.6f,\"cpuSystemSeconds\":%.6f,\"peakRssBytes\":%lld,"
           "\"figures\":{\"lines\":%lld,\"bytes\":%lld}}\n",
           now.seconds - since.seconds, now.user - since.user, now.system - since.system,
           peak_rss_bytes(), lines, bytes);
}
