using System.Globalization;
using System.Text;
using Actors.Host.Content;

namespace Actors.Reliability.Crash.Content;

/// <summary>
/// Lines without end, each of which says what file it is of and where it stands there: writer and checker make the same
/// ones. Most are short; one in 61 is larger than a writer's buffer, and goes to the kernel by another way.
/// </summary>
internal static class NumberedLines
{
    private const int LongEvery = 61;

    /// <summary>One line, its line feed included.</summary>
    public static byte[] Of(long seed, int file, long number)
    {
        var roll = SplitMix.Mix(SplitMix.Mix((ulong)seed + SplitMix.Gamma) ^ ((ulong)file << 48) ^ (ulong)(number + 1));
        var filler = roll % LongEvery == 0 ? 9_000 + ((roll >> 8) % 9_000) : (roll >> 8) % 180;
        var head = string.Create(CultureInfo.InvariantCulture, $"{file}:{number}:{roll:x}:");
        var line = new byte[head.Length + (int)filler + 1];
        Encoding.ASCII.GetBytes(head, line);
        for (var i = head.Length; i < line.Length - 1; i++)
        {
            line[i] = (byte)('a' + ((i + number) % 26));
        }

        line[^1] = (byte)'\n';
        return line;
    }
}
