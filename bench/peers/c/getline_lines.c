/* Reads line by line with getline, file by file. getline_lines DIR FILES */
#include "bench.h"

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    int files = number(argv[2]);
    long long lines = 0, bytes = 0;
    char *line = NULL;
    size_t size = 0;

    struct meter start = meter_now();
    for (int file = 0; file < files; file++) {
        FILE *stream = fdopen(open_file(argv[1], file, O_RDONLY), "r");
        if (!stream) die("fdopen");
        for (ssize_t length; (length = getline(&line, &size, stream)) > 0;) {
            lines++;
            bytes += length;
        }
        fclose(stream);
    }
    meter_report(start, lines, bytes);
    return 0;
}
