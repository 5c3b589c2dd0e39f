namespace Actors.Host.Verification;

/// <summary>One file compared with what it must hold.</summary>
/// <param name="File">Its path below the backend's directory.</param>
/// <param name="Status">What it turned out to be.</param>
/// <param name="Units">Whole lines that are right, from the start without a gap; or blocks that are right.</param>
/// <param name="UnitsExpected">How many there must be.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="LengthExpected">How many there must be.</param>
/// <param name="FirstDifference">Offset of the first byte, or of the first block, that is wrong or not there; null when complete.</param>
/// <param name="Error">Why it could not be read.</param>
internal sealed record FileVerdict(
    string File,
    FileStatus Status,
    long Units,
    long UnitsExpected,
    long Length,
    long LengthExpected,
    long? FirstDifference,
    string? Error = null);
