/* The limit of gathering: lines into 8 KiB, one write(2) for each full buffer, file by file.
   buffered_lines DIR FILES LINES */
#include "bench.h"

static void write_all(int fd, const char *data, size_t length)
{
    if (write(fd, data, length) != (ssize_t)length) die("write");
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    int files = number(argv[2]), lines = number(argv[3]);
    char buffer[8192];
    long long bytes = 0;

    struct meter start = meter_now();
    for (int file = 0; file < files; file++) {
        int fd = open_file(argv[1], file, O_WRONLY | O_CREAT | O_TRUNC);
        size_t filled = 0;
        for (int i = 0; i < lines; i++) {
            if (sizeof buffer - filled < LINE_MAX_BYTES) {
                write_all(fd, buffer, filled);
                bytes += filled;
                filled = 0;
            }
            filled += format_line(buffer + filled, i);
        }
        write_all(fd, buffer, filled);
        bytes += filled;
        close(fd);
    }
    meter_report(start, (long long)files * lines, bytes);
    return 0;
}
