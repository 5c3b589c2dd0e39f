using System.Text;

namespace Actors.Engine;

/// <summary>How a <see cref="FileWriter"/> gathers and encodes.</summary>
public sealed record FileWriterOptions
{
    /// <summary>Bytes gathered before they are handed to the engine, 4 KiB to 1 MiB. Default 32 KiB. A writer holds at
    /// most two such buffers, and none while nothing is waiting to be written.</summary>
    public int BufferSize { get; init; } = 32 << 10;

    /// <summary>Of text. Default UTF-8 without a byte order mark.</summary>
    public Encoding Encoding { get; init; } = new UTF8Encoding(false);

    /// <summary>What ends a line. Default a line feed.</summary>
    public string NewLine { get; init; } = "\n";

    /// <summary>How the file itself is opened. Null for the defaults of <c>actors.engine</c>.</summary>
    public OpenOptions? File { get; init; }
}
