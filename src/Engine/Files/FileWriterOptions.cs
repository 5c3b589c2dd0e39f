using System.Text;

namespace Actors.Engine;

/// <summary>How a <see cref="FileWriter"/> gathers and encodes.</summary>
public sealed record FileWriterOptions
{
    /// <summary>Bytes gathered before they are handed to the engine, 4 KiB to 1 MiB. Default 32 KiB. A writer holds at
    /// most two such buffers, and none while nothing is waiting to be written; smaller ones while it has little to write,
    /// or too many files are open for <c>file.credit-bytes-total</c>.</summary>
    public int BufferSize { get; init; } = 32 << 10;

    /// <summary>Of text. Default UTF-8 without a byte order mark. An encoding that has one, as <see
    /// cref="Encoding.UTF8"/> does, begins an empty file with it.</summary>
    /// <remarks>Its fallback is for strings: an interpolated string is formatted before an encoding sees it, and a lone
    /// surrogate in it has become U+FFFD by then.</remarks>
    public Encoding Encoding { get; init; } = new UTF8Encoding(false);

    /// <summary>What ends a line. Default a line feed.</summary>
    public string NewLine { get; init; } = "\n";

    /// <summary>How the file itself is opened. Null for the defaults of <c>actors.engine</c>. Not for direct I/O: what
    /// a writer gathers is not aligned.</summary>
    public OpenOptions? File { get; init; }

    /// <exception cref="ArgumentException">An option is out of range, or not for a writer.</exception>
    internal void Validate(OpenMode mode)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(BufferSize, 4 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BufferSize, 1 << 20);
        ArgumentNullException.ThrowIfNull(Encoding);
        ArgumentNullException.ThrowIfNull(NewLine);
        if (mode == OpenMode.Read)
        {
            throw new ArgumentException(
                "a writer needs a file that is open for writing, not OpenMode.Read", nameof(mode));
        }

        if (File is { Direct: true })
        {
            throw new ArgumentException(
                "a writer appends pieces of any length, which direct I/O cannot; write aligned blocks to the "
                + "EngineFile, or open it without Direct");
        }
    }
}
