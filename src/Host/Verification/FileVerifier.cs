using Actors.Host.Content;
using Actors.Host.Machine;
using Actors.Host.Scenarios;
using Microsoft.Win32.SafeHandles;

namespace Actors.Host.Verification;

/// <summary>
/// Compares files with what they must hold: reads them plainly, without the engine. Lines are generated and compared;
/// blocks say themselves what they are.
/// </summary>
internal sealed class FileVerifier
{
    private const int ComparedBytes = 128 * 1024;

    private readonly string _directory;
    private readonly FileNameRule _names;
    private readonly FileContent _content;
    private readonly CancellationToken _interrupted;
    private readonly byte[] _expected;
    private readonly byte[] _actual;

    /// <summary>For the files of one backend.</summary>
    public FileVerifier(
        string directory, FileNameRule names, FileContent content, CancellationToken interrupted = default)
    {
        _interrupted = interrupted;
        _directory = directory;
        _names = names;
        _content = content;
        _expected = new byte[Math.Max(ComparedBytes, content.LargestUnit(names.Files))];
        _actual = new byte[_expected.Length];
    }

    /// <summary>Checks one file.</summary>
    /// <exception cref="OperationCanceledException">Interrupted.</exception>
    public FileVerdict Check(int file)
    {
        var name = _names.NameOf(file);
        var (path, kind) = Find(name);
        if (kind == EntryKind.None)
        {
            return Verdict(file, FileStatus.Missing, 0, 0, 0);
        }

        if (kind != EntryKind.File || path != Path.Combine(_directory, name))
        {
            return Verdict(file, FileStatus.Unreadable, 0, 0, null) with
            {
                Error = $"{path} is {Entry.Describe(kind)}",
            };
        }

        try
        {
            // No buffering by FileStream: each read fills a whole block.
            using var handle = File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, FileOptions.SequentialScan);
            return _content switch
            {
                BlockContent blocks => CheckBlocks(handle, file, blocks),
                LineContent lines => CheckLines(handle, file, lines),
                _ => throw new NotSupportedException(_content.GetType().Name),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Verdict(file, FileStatus.Unreadable, 0, 0, null) with { Error = e.Message };
        }
    }

    // The file, or what on the way to it is no directory: a link leads elsewhere.
    private (string Path, EntryKind Kind) Find(string name)
    {
        var path = _directory;
        foreach (var component in name.Split(Path.DirectorySeparatorChar))
        {
            var kind = Entry.KindOf(path);
            if (kind != EntryKind.Directory)
            {
                return (path, kind);
            }

            path = Path.Combine(path, component);
        }

        return (path, Entry.KindOf(path));
    }

    private FileVerdict CheckLines(SafeFileHandle handle, int file, LineContent content)
    {
        var length = RandomAccess.GetLength(handle);
        var cursor = content.Read(file);
        var offset = 0L;
        var before = 0L;
        for (var size = cursor.Fill(_expected); size > 0; size = cursor.Fill(_expected))
        {
            var expected = _expected.AsSpan(0, size);
            var actual = ReadFully(handle, offset, size);
            if (!actual.SequenceEqual(expected))
            {
                var common = actual.CommonPrefixLength(expected);
                var lines = before + expected[..common].Count((byte)'\n');
                var status = common == actual.Length ? FileStatus.Partial : FileStatus.Different;
                return Verdict(file, status, lines, length, offset + common);
            }

            offset += size;
            before = cursor.NextLine;
        }

        return length > offset
            ? Verdict(file, FileStatus.Different, _content.Units, length, offset)
            : Verdict(file, FileStatus.Complete, _content.Units, length, null);
    }

    // Blocks are written in any order, so one that is not there does not make the later ones wrong.
    private FileVerdict CheckBlocks(SafeFileHandle handle, int file, BlockContent content)
    {
        var length = RandomAccess.GetLength(handle);
        var size = content.BlockSize;
        var together = _actual.Length / size;
        var right = 0L;
        var status = FileStatus.Complete;
        long? firstDifference = null;
        for (var first = 0L; first < content.Units; first += together)
        {
            var count = (int)Math.Min(together, content.Units - first);
            var bytes = ReadFully(handle, first * size, count * size);
            for (var i = 0; i < count; i++)
            {
                var block = bytes[Math.Min(i * size, bytes.Length)..Math.Min((i + 1) * size, bytes.Length)];
                if (content.IsRight(file, first + i, block))
                {
                    right++;
                    continue;
                }

                firstDifference ??= (first + i) * size;
                var absent = block.Length < size || !block.ContainsAnyExcept((byte)0);
                status = absent && status != FileStatus.Different ? FileStatus.Partial : FileStatus.Different;
            }

            if (bytes.Length < count * size)
            {
                break; // The end of the file; none of the later blocks is there.
            }
        }

        var expectedLength = content.Length(file);
        return length > expectedLength
            ? Verdict(file, FileStatus.Different, right, length, firstDifference ?? expectedLength)
            : Verdict(file, status, right, length, firstDifference);
    }

    private ReadOnlySpan<byte> ReadFully(SafeFileHandle handle, long offset, int size)
    {
        _interrupted.ThrowIfCancellationRequested();
        var read = 0;
        while (read < size)
        {
            var count = RandomAccess.Read(handle, _actual.AsSpan(read, size - read), offset + read);
            if (count == 0)
            {
                break;
            }

            read += count;
        }

        return _actual.AsSpan(0, read);
    }

    private FileVerdict Verdict(int file, FileStatus status, long units, long length, long? firstDifference) => new(
        _names.NameOf(file), status, units, _content.Units, length, _content.Length(file), firstDifference);
}
