using System.Globalization;
using System.Text;

namespace Actors.Reliability.Crash.Content;

/// <summary>The whole content of a file that is replaced again and again; every part of it says which one it is.
/// </summary>
internal static class NumberedVersion
{
    private const int LinesMax = 400;

    /// <summary>The content of a version.</summary>
    public static byte[] Of(long seed, int file, long version)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"version {version}\n");
        var bytes = new List<byte>(Encoding.ASCII.GetBytes(text.ToString()));
        var lines = 1 + (((version * 131) + seed) & long.MaxValue) % LinesMax;
        for (var i = 0L; i < lines; i++)
        {
            bytes.AddRange(NumberedLines.Of(seed ^ version, file, i));
        }

        bytes.AddRange(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"end {version}\n")));
        return [.. bytes];
    }

    /// <summary>Which version this is; null when it is not exactly one of them.</summary>
    public static long? Recognize(long seed, int file, ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        const string Head = "version ";
        return end > Head.Length
            && long.TryParse(
                content[Head.Length..end], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && content.SequenceEqual(Of(seed, file, version))
            ? version
            : null;
    }
}
