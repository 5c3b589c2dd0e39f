using System.Runtime.InteropServices;
using System.Text;
using Actors.Adversary.Model;

namespace Actors.Adversary.Neighbours;

/// <summary>The other process: does to files what a line of its input says, and answers each with a line.</summary>
internal static partial class NeighbourLoop
{
    private const int WriteAtEnd = 0x1 | 0x40 | 0x400 | 0x80000; // O_WRONLY, O_CREAT, O_APPEND, O_CLOEXEC

    public static int Run(TextReader input, TextWriter output)
    {
        while (input.ReadLine() is { } line)
        {
            string answer;
            try
            {
                answer = Do(line.Split('\t'));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                answer = $"failed {e.Message.ReplaceLineEndings(" ")}";
            }

            output.WriteLine(answer);
            output.Flush();
        }

        return 0;
    }

    private static string Do(string[] words)
    {
        switch (words)
        {
            case ["append", var path, var client, var sequence, var length]:
                return Append(path, Stamp.Bytes(int.Parse(client), int.Parse(sequence), int.Parse(length)));
            case ["truncate", var path, var length]:
                return Truncate(path, long.Parse(length)) == 0 ? "done" : "failed";
            case ["rename", var path, var newPath]:
                File.Move(path, newPath, overwrite: true);
                return "done";
            case ["delete", var path]:
                File.Delete(path);
                return "done";
            case ["replace", var path, var client, var sequence, var length]:
                var temporary = $"{path}.neighbour";
                File.WriteAllBytes(
                    temporary, Stamp.Bytes(int.Parse(client), int.Parse(sequence), int.Parse(length)));
                File.Move(temporary, path, overwrite: true);
                return "done";
            default:
                return "failed unknown";
        }
    }

    private static unsafe string Append(string path, byte[] data)
    {
        int file;
        fixed (byte* name = Encoding.UTF8.GetBytes($"{path}\0"))
        {
            file = Open(name, WriteAtEnd, 0x1B6);
        }

        if (file < 0)
        {
            return "failed open";
        }

        nint written;
        fixed (byte* bytes = data)
        {
            written = Write(file, bytes, data.Length);
        }

        Close(file);
        return $"done {written}";
    }

    private static unsafe int Truncate(string path, long length)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes($"{path}\0"))
        {
            return TruncatePath(name, length);
        }
    }

    [LibraryImport("libc", EntryPoint = "open")]
    private static unsafe partial int Open(byte* path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "write")]
    private static unsafe partial nint Write(int file, byte* data, nint count);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "truncate")]
    private static unsafe partial int TruncatePath(byte* path, long length);
}
