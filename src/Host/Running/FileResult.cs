namespace Actors.Host.Running;

/// <summary>A producer to its parent, once: what became of its file.</summary>
/// <param name="File">The number of the file.</param>
/// <param name="Units">Units answered with success.</param>
/// <param name="Bytes">Bytes of them.</param>
/// <param name="Digest">For a read, the digest of what came; see <see cref="Content.FileContent.Digest"/>.</param>
/// <param name="Errors">Commands answered with failure.</param>
/// <param name="FirstError">The first of them in words.</param>
/// <param name="Refused">Commands turned down because the run was being stopped: no errors.</param>
/// <param name="EndedAt">Stopwatch timestamp of the answer to the close.</param>
internal sealed record FileResult(
    int File,
    long Units,
    long Bytes,
    ulong Digest,
    int Errors,
    string? FirstError,
    int Refused,
    long EndedAt);
