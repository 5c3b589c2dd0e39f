namespace Actors.Host.Running;

/// <summary>A producer to its parent, once: what became of its file.</summary>
/// <param name="File">The number of the file.</param>
/// <param name="Units">Units answered with success.</param>
/// <param name="Reads">How many of them were reads.</param>
/// <param name="Bytes">Bytes of them all.</param>
/// <param name="Digest">Of the lines that were read; see <see cref="Content.LineContent.Digest"/>.</param>
/// <param name="Mistake">The first block that was read and was not what it must be, in words.</param>
/// <param name="Errors">Commands answered with failure.</param>
/// <param name="FirstError">The first of them in words.</param>
/// <param name="Refused">Commands turned down because the run was being stopped: no errors.</param>
/// <param name="EndedAt">Stopwatch timestamp of the answer to the close.</param>
internal sealed record FileResult(
    int File,
    long Units,
    long Reads,
    long Bytes,
    ulong Digest,
    string? Mistake,
    int Errors,
    string? FirstError,
    int Refused,
    long EndedAt)
{
    /// <summary>For a file of which nothing is known but that it failed.</summary>
    public static FileResult Lost(int file, string error, long endedAt) =>
        new(file, 0, 0, 0, 0, null, 1, error, 0, endedAt);
}
