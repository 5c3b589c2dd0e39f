using System.Buffers;
using System.Globalization;
using System.Text;

namespace Actors.Adversary.Model;

/// <summary>
/// What is written: lines that say who wrote them, as how manieth, and how long they are, and whose every other byte is
/// known from that. So each byte of a file tells whether it is at home there.
/// </summary>
internal static class Stamp
{
    /// <summary>Bytes of a head: <c>#cccc.ssssss.llllll:</c>, client, sequence and length in hexadecimal.</summary>
    public const int HeadLength = 20;

    /// <summary>The shortest: a head and a line feed.</summary>
    public const int LengthMin = HeadLength + 1;

    /// <summary>The bytes of a line.</summary>
    public static byte[] Bytes(int client, int sequence, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, LengthMin);
        var bytes = new byte[length];
        Encoding.ASCII.GetBytes($"#{client:x4}.{sequence:x6}.{length:x6}:", bytes);
        var state = (uint)((client * 7919) + (sequence * 104729) + 1);
        for (var i = HeadLength; i < length - 1; i++)
        {
            state = (state * 1664525) + 1013904223;
            bytes[i] = (byte)('a' + ((state >> 24) % 26));
        }

        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>Reads a head.</summary>
    /// <returns>False when there is none.</returns>
    public static bool TryReadHead(ReadOnlySpan<byte> bytes, out int client, out int sequence, out int length)
    {
        client = sequence = length = 0;
        return bytes.Length >= HeadLength
            && bytes[0] == '#' && bytes[5] == '.' && bytes[12] == '.' && bytes[19] == ':'
            && int.TryParse(bytes[1..5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out client)
            && int.TryParse(bytes[6..12], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out sequence)
            && int.TryParse(bytes[13..19], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out length);
    }

    /// <summary>The bytes that lines are made of; zeros and the patterns of memory given back are not among
    /// them.</summary>
    public static SearchValues<byte> Alphabet { get; } =
        SearchValues.Create([(byte)'\n', .. Enumerable.Range('#', 'z' - '#' + 1).Select(value => (byte)value)]);

    /// <summary>A piece of a file for people.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes[..Math.Min(bytes.Length, 48)])
        {
            text.Append(value == '\n' ? "\\n" : value is >= 32 and < 127 ? ((char)value).ToString() : $"<{value:x2}>");
        }

        return text.ToString();
    }
}
