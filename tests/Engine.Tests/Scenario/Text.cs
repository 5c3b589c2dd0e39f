using System.Text;

namespace Actors.Engine.Tests.Scenario;

/// <summary>Bytes as text and back, one byte a character.</summary>
internal static class Text
{
    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    public static string Of(ReadOnlyMemory<byte> bytes) => Of(bytes.Span);

    /// <summary>Whether they are equal, without a word on where they differ: for contents too long to print.</summary>
    public static bool AreSame(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    /// <summary>Bytes that tell their own position, so that a misplaced block shows.</summary>
    public static byte[] Pattern(int length, int seed = 0)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = (byte)('a' + (((i / 7) + i + seed) % 26));
        }

        return bytes;
    }
}
