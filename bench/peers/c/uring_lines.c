/* The limit of io_uring: one write in flight per file, a line each; one ring a thread, the files in contiguous shares.
   uring_lines DIR FILES LINES RINGS */
#include "bench.h"
#include <liburing.h>
#include <pthread.h>

struct file {
    int fd, line;
    long long offset;
    size_t length;
    char text[LINE_MAX_BYTES];
};

struct share {
    const char *directory;
    int first, count, lines;
    long long bytes;
    pthread_barrier_t *ready;
    pthread_t thread;
};

static void write_next(struct io_uring *ring, struct file *file)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(ring);
    file->length = format_line(file->text, file->line);
    io_uring_prep_write(entry, file->fd, file->text, file->length, file->offset);
    io_uring_sqe_set_data(entry, file);
}

/* The completion of a file's line starts its next one; returns 1 when that was its last. */
static int complete(struct io_uring *ring, struct file *file, int result, int lines)
{
    if (result != (int)file->length) {
        errno = result < 0 ? -result : EIO;
        die("io_uring write");
    }
    file->offset += result;
    if (++file->line == lines) return 1;
    write_next(ring, file);
    return 0;
}

static void write_files(struct io_uring *ring, struct share *share, struct file *files)
{
    for (int i = 0; i < share->count; i++) {
        files[i].fd = open_file(share->directory, share->first + i, O_WRONLY | O_CREAT | O_TRUNC);
        write_next(ring, &files[i]);
    }
    for (int open = share->count; open > 0;) {
        struct io_uring_cqe *completion;
        unsigned head, seen = 0;
        int result = io_uring_submit_and_wait(ring, 1);
        if (result < 0 && result != -EINTR) {
            errno = -result;
            die("io_uring_submit_and_wait");
        }
        io_uring_for_each_cqe(ring, head, completion) {
            open -= complete(ring, io_uring_cqe_get_data(completion), completion->res, share->lines);
            seen++;
        }
        io_uring_cq_advance(ring, seen);
    }
    for (int i = 0; i < share->count; i++) {
        share->bytes += files[i].offset;
        close(files[i].fd);
    }
}

static void *run(void *argument)
{
    struct share *share = argument;
    struct file *files = calloc(share->count, sizeof *files);
    struct io_uring ring;
    unsigned entries = 1;
    while (entries < (unsigned)share->count) entries *= 2;
    int result = io_uring_queue_init(entries, &ring, IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN);
    if (result < 0) {
        fprintf(stderr, "no ring here (Linux 6.1 and a seccomp profile that allows it): %s\n", strerror(-result));
        exit(EXIT_SKIPPED);
    }
    pthread_barrier_wait(share->ready);
    write_files(&ring, share, files);
    io_uring_queue_exit(&ring);
    return NULL;
}

int main(int argc, char **argv)
{
    if (argc != 5) return 2;
    int files = number(argv[2]), lines = number(argv[3]), rings = number(argv[4]);
    struct share *shares = calloc(rings, sizeof *shares);
    pthread_barrier_t ready;
    long long bytes = 0;
    if (rings > files) rings = files;
    pthread_barrier_init(&ready, NULL, rings + 1);
    for (int i = 0; i < rings; i++) {
        int first = (int)((long long)files * i / rings), end = (int)((long long)files * (i + 1) / rings);
        shares[i] = (struct share){argv[1], first, end - first, lines, 0, &ready, 0};
        if (pthread_create(&shares[i].thread, NULL, run, &shares[i])) die("pthread_create");
    }

    struct meter start = meter_now();
    pthread_barrier_wait(&ready);
    for (int i = 0; i < rings; i++) {
        pthread_join(shares[i].thread, NULL);
        bytes += shares[i].bytes;
    }
    meter_report(start, (long long)files * lines, bytes);
    return 0;
}
