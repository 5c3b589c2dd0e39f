using System.Runtime.CompilerServices;
using System.Text;

namespace Actors.Engine;

/// <summary>
/// An interpolated string on its way into a file: <c>writer.WriteLineAsync($"{id}: {name}")</c> formats into bytes of
/// UTF-8, and allocates neither the string nor its parts. The compiler makes it; there is no need to name it.
/// </summary>
/// <remarks>What an argument's formatting throws goes to the caller, before anything is written. Culture, alignment and
/// format are those of any interpolated string.</remarks>
[InterpolatedStringHandler]
public ref struct Utf8Text
{
    /// <summary>Longer text than that is formatted into memory that is left to the collector.</summary>
    private const int ScratchMax = 64 << 10;

    [ThreadStatic]
    private static byte[]? _scratch;

    private readonly IFormatProvider? _provider;
    private byte[] _bytes;
    private int _length;

    /// <summary>For the compiler.</summary>
    /// <param name="literalLength">Characters of the fixed parts.</param>
    /// <param name="formattedCount">Number of the others.</param>
    /// <param name="provider">Null for the current culture.</param>
    public Utf8Text(int literalLength, int formattedCount, IFormatProvider? provider = null)
    {
        _provider = provider;

        // Taken until the text is written: formatting an argument may itself write an interpolated string.
        _bytes = _scratch ?? [];
        _scratch = null;
        var expected = (literalLength * 3) + (formattedCount * 16);
        if (_bytes.Length < expected)
        {
            _bytes = new byte[Math.Max(expected, 512)];
        }
    }

    internal readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    private readonly Span<byte> Free => _bytes.AsSpan(_length);

    /// <summary>Adds a fixed part.</summary>
    /// <param name="value">The part.</param>
    public void AppendLiteral(string value) => AppendFormatted(value.AsSpan());

    /// <summary>Adds text.</summary>
    /// <param name="value">The text.</param>
    public void AppendFormatted(scoped ReadOnlySpan<char> value)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(value.Length));
        _length += Encoding.UTF8.GetBytes(value, Free);
    }

    /// <summary>Adds text within a width.</summary>
    /// <param name="value">The text.</param>
    /// <param name="alignment">Width in characters; to the left when negative.</param>
    /// <param name="format">Of no meaning for text.</param>
    public void AppendFormatted(scoped ReadOnlySpan<char> value, int alignment, string? format = null)
    {
        var start = _length;
        AppendFormatted(value);
        Align(start, alignment);
    }

    /// <summary>Adds text.</summary>
    /// <param name="value">The text; null adds nothing.</param>
    public void AppendFormatted(string? value) => AppendFormatted(value.AsSpan());

    /// <summary>Adds bytes that are UTF-8 already.</summary>
    /// <param name="utf8">The bytes.</param>
    public void AppendFormatted(scoped ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(Free);
        _length += utf8.Length;
    }

    /// <summary>Adds a value.</summary>
    /// <typeparam name="T">Its type; one that formats itself as UTF-8 or into a span is not boxed.</typeparam>
    /// <param name="value">The value; null adds nothing.</param>
    public void AppendFormatted<T>(T value) => AppendFormatted(value, format: null);

    /// <inheritdoc cref="AppendFormatted{T}(T)"/>
    /// <param name="value">The value; null adds nothing.</param>
    /// <param name="format">What stands behind the colon.</param>
    // Optimised from the first call on: before that the compiler boxes what it has to ask for its interfaces.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AppendFormatted<T>(T value, string? format)
    {
        if (value is IUtf8SpanFormattable)
        {
            int written;
            while (!((IUtf8SpanFormattable)value).TryFormat(Free, out written, format, _provider))
            {
                Reserve(Free.Length + 1);
            }

            _length += written;
        }
        else if (value is ISpanFormattable)
        {
            AppendSpanFormattable(value, format);
        }
        else
        {
            AppendFormatted(value is IFormattable formattable
                ? formattable.ToString(format, _provider)
                : value?.ToString());
        }
    }

    /// <inheritdoc cref="AppendFormatted{T}(T)"/>
    /// <param name="value">The value; null adds nothing.</param>
    /// <param name="alignment">Width in characters; to the left when negative.</param>
    /// <param name="format">What stands behind the colon.</param>
    public void AppendFormatted<T>(T value, int alignment, string? format = null)
    {
        var start = _length;
        AppendFormatted(value, format);
        Align(start, alignment);
    }

    /// <summary>Gives the memory back to its thread. The text is gone then.</summary>
    internal void Release()
    {
        if (_bytes.Length <= ScratchMax)
        {
            _scratch = _bytes;
        }

        _bytes = [];
        _length = 0;
    }

    private void AppendSpanFormattable<T>(T value, string? format)
    {
        Span<char> text = stackalloc char[256];
        if (((ISpanFormattable)value!).TryFormat(text, out var count, format, _provider))
        {
            AppendFormatted(text[..count]);
        }
        else
        {
            AppendFormatted(((ISpanFormattable)value).ToString(format, _provider));
        }
    }

    private void Align(int start, int alignment)
    {
        var padding = Math.Abs(alignment) - Encoding.UTF8.GetCharCount(_bytes.AsSpan(start, _length - start));
        if (padding <= 0)
        {
            return;
        }

        Reserve(padding);
        var text = _bytes.AsSpan(start, _length - start);
        if (alignment > 0)
        {
            text.CopyTo(_bytes.AsSpan(start + padding));
            _bytes.AsSpan(start, padding).Fill((byte)' ');
        }
        else
        {
            Free[..padding].Fill((byte)' ');
        }

        _length += padding;
    }

    private void Reserve(int count)
    {
        if (count > Free.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + count));
        }
    }
}
