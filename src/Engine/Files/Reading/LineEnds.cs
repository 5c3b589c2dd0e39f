using System.Runtime.InteropServices;
using System.Text;

namespace Actors.Engine.Files;

/// <summary>
/// What ends a line, as bytes of an encoding: a line feed that a carriage return may precede, or with universal new
/// lines either of them or both. In UTF-16 and UTF-32 each is a unit of two or four bytes.
/// </summary>
internal sealed class LineEnds
{
    private readonly bool _universal;
    private readonly uint _lineFeed;
    private readonly uint _carriageReturn;

    /// <exception cref="ArgumentException">The encoding has no line feed of 1, 2 or 4 bytes.</exception>
    public LineEnds(Encoding encoding, bool universal)
    {
        _universal = universal;
        Unit = encoding.GetByteCount("\n");
        if (Unit is not (1 or 2 or 4) || encoding.GetByteCount("\r") != Unit)
        {
            throw new ArgumentException($"lines of {encoding.EncodingName} cannot be told apart", nameof(encoding));
        }

        _lineFeed = UnitOf(encoding.GetBytes("\n"));
        _carriageReturn = UnitOf(encoding.GetBytes("\r"));
        IsLineFeedByte = Unit == 1 && _lineFeed == '\n' && _carriageReturn == '\r' && !universal;
    }

    /// <summary>Bytes of a line feed.</summary>
    public int Unit { get; }

    /// <summary>True for the common case: the byte of a line feed ends a line, and nothing else does.</summary>
    public bool IsLineFeedByte { get; }

    /// <summary>Finds the end of the first line.</summary>
    /// <param name="bytes">From the start of a line.</param>
    /// <param name="clean">How many of the first of them are known to end no line; more, after the call.</param>
    /// <param name="isAll">Whether what follows them is known not to belong to the line; without a line end it ends
    /// with them then.</param>
    /// <param name="length">Bytes of the line.</param>
    /// <param name="end">Bytes of the line end.</param>
    public bool TryFind(ReadOnlySpan<byte> bytes, ref int clean, bool isAll, out int length, out int end)
    {
        var index = IndexOfEnd(bytes[clean..]);
        end = Unit;
        if (index < 0)
        {
            clean = bytes.Length & -Unit;
            (length, end) = (bytes.Length, 0);
            return isAll && length > 0;
        }

        length = clean += index;

        if (_universal)
        {
            if (UnitOf(bytes[length..]) == _lineFeed)
            {
                return true;
            }

            var behind = bytes[(length + Unit)..];
            end += StartsWith(behind, _lineFeed) ? Unit : 0;
            return isAll || behind.Length >= Unit;
        }

        if (length >= Unit && UnitOf(bytes[(length - Unit)..]) == _carriageReturn)
        {
            length -= Unit;
            end += Unit;
        }

        return true;
    }

    /// <summary>How much of what follows a beginning of a line belongs to the line, its end included. A unit more, or all
    /// there is, where that cannot be told yet. The beginning may end within a unit.</summary>
    public int LengthToJoin(ReadOnlySpan<byte> beginning, ReadOnlySpan<byte> next)
    {
        var split = beginning.Length % Unit;
        var rest = split == 0 ? 0 : Unit - split;
        if (next.Length < rest)
        {
            return next.Length;
        }

        var whole = beginning[..^split];
        if (_universal && whole.Length >= Unit && UnitOf(whole[^Unit..]) == _carriageReturn)
        {
            return split == 0 ? LengthOfLineFeed(next) : rest;
        }

        if (split > 0)
        {
            Span<byte> unit = stackalloc byte[Unit];
            beginning[^split..].CopyTo(unit);
            next[..rest].CopyTo(unit[split..]);
            if (EndsLine(UnitOf(unit), next[rest..], out var behind))
            {
                return rest + behind;
            }
        }

        var index = IndexOfEnd(next[rest..]);
        if (index < 0)
        {
            return next.Length;
        }

        var taken = rest + index + Unit;
        EndsLine(UnitOf(next[(rest + index)..]), next[taken..], out var more);
        return taken + more;
    }

    /// <summary>Whether a unit ends a line, and how much of what follows may belong to the line end.</summary>
    private bool EndsLine(uint unit, ReadOnlySpan<byte> next, out int more)
    {
        more = _universal && unit == _carriageReturn ? LengthOfLineFeed(next) : 0;
        return unit == _lineFeed || (_universal && unit == _carriageReturn);
    }

    /// <summary>Bytes of a line feed that bytes begin with, or of what may be a part of one.</summary>
    private int LengthOfLineFeed(ReadOnlySpan<byte> bytes) =>
        bytes.Length < Unit ? bytes.Length : UnitOf(bytes) == _lineFeed ? Unit : 0;

    private int IndexOfEnd(ReadOnlySpan<byte> bytes) => Unit switch
    {
        1 => IndexOfEnd(bytes, (byte)_lineFeed, (byte)_carriageReturn),
        2 => 2 * IndexOfEnd(MemoryMarshal.Cast<byte, ushort>(bytes), (ushort)_lineFeed, (ushort)_carriageReturn),
        _ => 4 * IndexOfEnd(MemoryMarshal.Cast<byte, uint>(bytes), _lineFeed, _carriageReturn),
    };

    private int IndexOfEnd<T>(ReadOnlySpan<T> units, T lineFeed, T carriageReturn)
        where T : unmanaged, IEquatable<T> =>
        _universal ? units.IndexOfAny(lineFeed, carriageReturn) : units.IndexOf(lineFeed);

    private bool StartsWith(ReadOnlySpan<byte> bytes, uint unit) => bytes.Length >= Unit && UnitOf(bytes) == unit;

    /// <summary>The first unit, as the machine reads it.</summary>
    private uint UnitOf(ReadOnlySpan<byte> bytes) => Unit switch
    {
        1 => bytes[0],
        2 => MemoryMarshal.Read<ushort>(bytes),
        _ => MemoryMarshal.Read<uint>(bytes),
    };
}
