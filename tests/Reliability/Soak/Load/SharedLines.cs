using System.Globalization;
using System.Text;

namespace Actors.Reliability.Soak.Load;

/// <summary>The file that all readers read.</summary>
internal static class SharedLines
{
    /// <summary>Its name in an engine's directory.</summary>
    public const string Name = "shared-lines";

    private const int Lines = 6_000;

    /// <summary>What it holds: lines from empty to 150 bytes.</summary>
    public static byte[] Content { get; } = Create();

    private static byte[] Create()
    {
        var text = new StringBuilder();
        for (var line = 0; line < Lines; line++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{line}").Append('.', line * 37 % 143).Append('\n');
        }

        return Encoding.ASCII.GetBytes(text.ToString());
    }
}
