namespace Actors.Reliability.Crash.Content;

/// <summary>What was found in a file after a kill.</summary>
/// <param name="Present">Whole units that are there: lines, blocks, or the version.</param>
/// <param name="Breach">What is not as promised; null when nothing is.</param>
internal sealed record FileCheck(long Present, string? Breach)
{
    /// <summary>Lines: what was acknowledged is there, whole and in order; behind it at most what was under way, and of
    /// the last of that perhaps only a part.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">Of the content.</param>
    /// <param name="file">Its number.</param>
    /// <param name="acknowledged">Lines acknowledged.</param>
    /// <param name="underWay">Lines that its writer had unacknowledged at most.</param>
    /// <param name="mayHaveZeros">After a power cut a file may be longer than what of it had reached the device: what
    /// was not acknowledged may read as zeros.</param>
    public static FileCheck OfLines(
        string path, long seed, int file, long acknowledged, int underWay, bool mayHaveZeros)
    {
        ReadOnlySpan<byte> rest = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var whole = 0L;
        for (var line = 0L; rest.Length > 0; line++)
        {
            if (line == acknowledged + underWay)
            {
                return new FileCheck(whole, $"{path}: more than {line} lines, {acknowledged} acknowledged");
            }

            var expected = NumberedLines.Of(seed, file, line).AsSpan();
            var found = rest[..Math.Min(rest.Length, expected.Length)];
            var isWhole = found.SequenceEqual(expected);
            whole += isWhole ? 1 : 0;
            if (!isWhole && !expected.StartsWith(found)
                && !(mayHaveZeros && line >= acknowledged && FirstWrong(found, expected) is null))
            {
                return new FileCheck(whole, $"{path}: line {line} of {acknowledged} is not what was written");
            }

            rest = rest[found.Length..];
        }

        return new FileCheck(
            whole, whole < acknowledged ? $"{path}: {acknowledged} lines acknowledged, {whole} there" : null);
    }

    /// <summary>Blocks: each that was acknowledged is whole, at its place; of the others every byte is right or was
    /// never written.</summary>
    /// <param name="path">The file.</param>
    /// <param name="seed">Of the content.</param>
    /// <param name="file">Its number.</param>
    /// <param name="acknowledged">The blocks acknowledged, by number.</param>
    /// <param name="underWay">Blocks that its writer had unacknowledged at most.</param>
    public static FileCheck OfBlocks(
        string path, long seed, int file, IReadOnlySet<long> acknowledged, int underWay)
    {
        var content = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var whole = 0L;
        var sent = acknowledged.Count + underWay;
        for (var number = 0L; number < sent; number++)
        {
            var from = (int)Math.Min(NumberedBlocks.OffsetOf(number), content.Length);
            var found = content.AsSpan(from, Math.Min(NumberedBlocks.Size, content.Length - from));
            var expected = NumberedBlocks.Of(seed, file, number);
            var isWhole = found.SequenceEqual(expected);
            whole += isWhole ? 1 : 0;
            if (!isWhole && acknowledged.Contains(number))
            {
                return new FileCheck(whole, $"{path}: block {number} was acknowledged and is not whole");
            }

            if (FirstWrong(found, expected) is { } wrong)
            {
                return new FileCheck(whole, $"{path}: block {number} has a wrong byte at {wrong}");
            }
        }

        return new FileCheck(whole, null);
    }

    /// <summary>A file that is replaced: exactly one version, the acknowledged one or the one under way.</summary>
    public static FileCheck OfVersion(string path, long seed, int file, long acknowledged)
    {
        var version = NumberedVersion.Recognize(seed, file, File.ReadAllBytes(path));
        return version is null ? new FileCheck(-1, $"{path} is no version at all, but a mixture")
            : version < acknowledged || version > acknowledged + 1
                ? new FileCheck(version.Value, $"{path}: version {version}, {acknowledged} acknowledged")
                : new FileCheck(version.Value, null);
    }

    private static int? FirstWrong(ReadOnlySpan<byte> found, ReadOnlySpan<byte> expected)
    {
        for (var i = 0; i < found.Length; i++)
        {
            if (found[i] != 0 && found[i] != expected[i])
            {
                return i;
            }
        }

        return null;
    }
}
