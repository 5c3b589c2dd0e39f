using System.Text;

namespace Actors.Engine.Files;

/// <summary>The first bytes of a text file that name its encoding.</summary>
internal static class ByteOrderMark
{
    // The longer ones first: the mark of UTF-32 begins with that of UTF-16.
    private static readonly Encoding[] Known =
    [
        new UTF32Encoding(bigEndian: false, byteOrderMark: true),
        new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), Encoding.Unicode, Encoding.BigEndianUnicode,
    ];

    /// <summary>Bytes of the longest mark.</summary>
    public const int LengthMax = 4;

    /// <summary>Whether more bytes may make a mark of these, or another one than they are.</summary>
    /// <param name="bytes">The first of the file.</param>
    /// <param name="expected">As for <see cref="Detect"/>.</param>
    /// <param name="detect">As for <see cref="Detect"/>.</param>
    public static bool MayGoOn(ReadOnlySpan<byte> bytes, Encoding expected, bool detect)
    {
        if (detect)
        {
            foreach (var encoding in Known)
            {
                if (IsBeginning(bytes, encoding))
                {
                    return true;
                }
            }
        }

        return IsBeginning(bytes, expected);
    }

    private static bool IsBeginning(ReadOnlySpan<byte> bytes, Encoding encoding) =>
        bytes.Length < encoding.Preamble.Length && encoding.Preamble.StartsWith(bytes);

    /// <summary>What a mark says.</summary>
    /// <param name="bytes">The first of the file.</param>
    /// <param name="expected">The encoding without one; its own mark is a mark too.</param>
    /// <param name="detect">Whether those of other encodings count.</param>
    /// <param name="length">Bytes of the mark, or 0.</param>
    public static Encoding Detect(ReadOnlySpan<byte> bytes, Encoding expected, bool detect, out int length)
    {
        if (detect)
        {
            foreach (var encoding in Known)
            {
                if (bytes.StartsWith(encoding.Preamble))
                {
                    length = encoding.Preamble.Length;
                    return encoding;
                }
            }
        }

        length = bytes.StartsWith(expected.Preamble) ? expected.Preamble.Length : 0;
        return expected;
    }
}
