using System.Text.Unicode;

namespace Actors.Bench.Peers;

/// <summary>A line's bytes, formatted as a program without this engine would: UTF-8 interpolation into a buffer.
/// </summary>
internal sealed class LineBuffer
{
    private readonly byte[] _bytes = new byte[64];

    /// <summary>The line with its line feed, valid until the next one.</summary>
    public ReadOnlyMemory<byte> Format(int line) =>
        Utf8.TryWrite(_bytes, $"This is line {line} of the file\n", out var length)
            ? _bytes.AsMemory(0, length)
            : throw new InvalidOperationException("The line does not fit.");
}
