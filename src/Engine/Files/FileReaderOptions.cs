using System.Text;

namespace Actors.Engine;

/// <summary>How a <see cref="FileReader"/> reads ahead, decodes and tells lines apart.</summary>
public sealed record FileReaderOptions
{
    /// <summary>Bytes of one read, 4 KiB to 16 MiB; direct I/O rounds it up to what the file asks for. Default 32 KiB.
    /// A reader holds two such buffers at most, and none before its first call and at the end of the file; smaller ones
    /// while too many files are open for <c>file.credit-bytes-total</c>.</summary>
    public int ChunkSize { get; init; } = 32 << 10;

    /// <summary>While the file is read in sequence, have the next chunk read while this one is used. Default
    /// true.</summary>
    public bool ReadAhead { get; init; } = true;

    /// <summary>Of text, where no byte order mark says otherwise. Default UTF-8; what is not valid in it becomes
    /// U+FFFD.</summary>
    public Encoding Encoding { get; init; } = Encoding.UTF8;

    /// <summary>Have a byte order mark at the start of the file decide the encoding, as <see cref="StreamReader"/>
    /// does: UTF-8, UTF-16 and UTF-32 of both byte orders. Lines and text leave the mark out, bytes and chunks do not.
    /// Default true.</summary>
    public bool DetectEncoding { get; init; } = true;

    /// <summary>False, the default: a line ends with a line feed, which a carriage return may precede. True: with a
    /// line feed, a carriage return, or the two together.</summary>
    public bool UniversalNewLines { get; init; }

    /// <summary>Have lines end with what ended them in the file; only the last one may be without. Default
    /// false.</summary>
    public bool KeepLineEnds { get; init; }

    /// <summary>When the end of the file is reached, and the file has become shorter than the position, start again at its
    /// start, as <c>tail -F</c> does after a file was truncated and written anew. What was truncated and had not been read is
    /// lost; a file that is longer than the position again by the time it is looked at is taken for one that has grown.
    /// Default false: the position stays.</summary>
    public bool RestartWhenTruncated { get; init; }

    /// <summary>The longest line in bytes, without its end; 1 and more. A longer one fails with
    /// <see cref="FailureReason.LineTooLong"/>, and the position stays at its start. Default 1 MiB.</summary>
    public int LineSizeMax { get; init; } = 1 << 20;

    /// <summary>How the file itself is opened. Null for the defaults of <c>actors.engine</c>.</summary>
    public OpenOptions? File { get; init; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ChunkSize, 4 << 10);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ChunkSize, 16 << 20);
        ArgumentOutOfRangeException.ThrowIfLessThan(LineSizeMax, 1);
        ArgumentNullException.ThrowIfNull(Encoding);
    }
}
