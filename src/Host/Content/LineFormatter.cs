using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Actors.Host.Content;

/// <summary>
/// Renders the lines of one file as UTF-8, each with its line feed, without allocating. The template is folded into the
/// literals between the line numbers when the formatter is made, so that a line costs a few copies and numbers.
/// </summary>
internal sealed class LineFormatter
{
    private readonly byte[] _first;
    private readonly byte[][] _afterNumber;

    /// <summary>Folds the template for one file.</summary>
    public LineFormatter(TextTemplate template, int file)
    {
        var literals = new List<byte[]>();
        var literal = new StringBuilder();
        foreach (var segment in template.Segments)
        {
            if (segment.Placeholder == TextTemplate.Line)
            {
                literals.Add(Encoding.UTF8.GetBytes(literal.ToString()));
                literal.Clear();
            }
            else if (segment.Placeholder == TextTemplate.File)
            {
                literal.Append(file);
            }
            else
            {
                literal.Append(segment.Literal);
            }
        }

        literals.Add(Encoding.UTF8.GetBytes(literal.Append('\n').ToString()));
        _first = literals[0];
        _afterNumber = [.. literals.Skip(1)];
    }

    /// <summary>Bytes of one line, line feed included.</summary>
    public int LengthOf(long line)
    {
        var length = _first.Length;
        foreach (var literal in _afterNumber)
        {
            length += literal.Length + Digits(line);
        }

        return length;
    }

    /// <summary>Bytes of the lines 0 to <paramref name="count"/> - 1.</summary>
    public long LengthOfFirst(long count)
    {
        var literals = (long)_first.Length + _afterNumber.Sum(l => (long)l.Length);
        var digits = 0L;
        for (long from = 0, to = 10; from < count; from = to, to = to > long.MaxValue / 10 ? long.MaxValue : to * 10)
        {
            digits += (Math.Min(to, count) - from) * Digits(from);
        }

        return (literals * count) + (digits * _afterNumber.Length);
    }

    /// <summary>Writes one line; the destination must have <see cref="LengthOf"/> bytes.</summary>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // Runs a million times before tiering would get to it.
    public int Format(long line, Span<byte> destination)
    {
        _first.CopyTo(destination);
        var length = _first.Length;
        foreach (var literal in _afterNumber)
        {
            if (!Utf8Formatter.TryFormat(line, destination[length..], out var digits))
            {
                throw new ArgumentException("The destination is shorter than the line.", nameof(destination));
            }

            length += digits;
            literal.CopyTo(destination[length..]);
            length += literal.Length;
        }

        return length;
    }

    private static int Digits(long value)
    {
        var digits = 1;
        for (var rest = value; rest >= 10; rest /= 10)
        {
            digits++;
        }

        return digits;
    }
}
