/* The limit of one thread: a pwrite per line, the files in turn, all of them open. pwrite_lines DIR FILES LINES */
#include "bench.h"

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    int files = number(argv[2]), lines = number(argv[3]);
    int *fds = calloc(files, sizeof *fds);
    long long offset = 0;
    char line[LINE_MAX_BYTES];
    raise_file_limit(files);

    struct meter start = meter_now();
    for (int file = 0; file < files; file++) fds[file] = open_file(argv[1], file, O_WRONLY | O_CREAT | O_TRUNC);
    for (int i = 0; i < lines; i++) {
        size_t length = 0;
        for (int file = 0; file < files; file++) {
            length = format_line(line, i);
            if (pwrite(fds[file], line, length, offset) != (ssize_t)length) die("pwrite");
        }
        offset += length;
    }
    for (int file = 0; file < files; file++) close(fds[file]);
    meter_report(start, (long long)files * lines, offset * files);
    return 0;
}
