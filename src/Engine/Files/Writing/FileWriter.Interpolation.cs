using System.Runtime.CompilerServices;
using System.Text;

namespace Actors.Engine;

/// <content>Interpolated strings, formatted into bytes at the call.</content>
public sealed partial class FileWriter
{
    /// <summary>Writes an interpolated string, for which no string is made.</summary>
    /// <param name="text">The text. It cannot contain an <c>await</c>; bring what it waits for into a variable.</param>
    /// <param name="cancellationToken">As for <see cref="WriteAsync(ReadOnlyMemory{byte},
    /// CancellationToken)"/>.</param>
    public ValueTask WriteAsync(ref Utf8Text text, CancellationToken cancellationToken = default) =>
        WriteText(ref text, false, cancellationToken);

    /// <inheritdoc cref="WriteAsync(ref Utf8Text, CancellationToken)"/>
    /// <param name="provider">The culture to format in.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">As for <see cref="WriteAsync(ReadOnlyMemory{byte},
    /// CancellationToken)"/>.</param>
    public ValueTask WriteAsync(
        IFormatProvider provider,
        [InterpolatedStringHandlerArgument(nameof(provider))] ref Utf8Text text,
        CancellationToken cancellationToken = default) => WriteText(ref text, false, cancellationToken);

    /// <summary>Writes an interpolated string, for which no string is made, and a line end, together.</summary>
    /// <inheritdoc cref="WriteAsync(ref Utf8Text, CancellationToken)"/>
    public ValueTask WriteLineAsync(ref Utf8Text text, CancellationToken cancellationToken = default) =>
        WriteText(ref text, true, cancellationToken);

    /// <inheritdoc cref="WriteLineAsync(ref Utf8Text, CancellationToken)"/>
    /// <param name="provider">The culture to format in.</param>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">As for <see cref="WriteAsync(ReadOnlyMemory{byte},
    /// CancellationToken)"/>.</param>
    public ValueTask WriteLineAsync(
        IFormatProvider provider,
        [InterpolatedStringHandlerArgument(nameof(provider))] ref Utf8Text text,
        CancellationToken cancellationToken = default) => WriteText(ref text, true, cancellationToken);

    private ValueTask WriteText(ref Utf8Text text, bool line, CancellationToken cancellationToken)
    {
        try
        {
            return _isUtf8
                ? WriteBytes(text.Bytes, line, cancellationToken)
                : WriteText(Encoding.UTF8.GetString(text.Bytes), line, cancellationToken);
        }
        finally
        {
            text.Release();
        }
    }

    private ValueTask WriteBytes(ReadOnlySpan<byte> bytes, bool line, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Refusal(cancellationToken) is { } refused)
            {
                return refused;
            }

            var start = AcceptedNow;
            Copy(bytes);
            if (line)
            {
                Copy(_newLine);
            }

            return _segments.WaitForRoom(start, AcceptedNow, cancellationToken);
        }
    }
}
