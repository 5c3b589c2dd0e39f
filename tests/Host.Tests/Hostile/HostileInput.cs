using System.Text;

namespace Actors.Host.Tests.Hostile;

/// <summary>A command line and the files that it finds; a function of nothing but its seed.</summary>
/// <param name="Seed">Where it comes from.</param>
/// <param name="Arguments">The command line.</param>
/// <param name="Entries">What lies in the sandbox; the command runs in its <see cref="Sandbox.Work"/>.</param>
internal sealed record HostileInput(int Seed, IReadOnlyList<string> Arguments, IReadOnlyList<PlantedEntry> Entries)
{
    private const int ShownMax = 2000;

    /// <summary>What repeats it.</summary>
    public string Replay => $"{HostileInputTests.SeedVariable}={Seed} dotnet test tests/Host.Tests --filter One_input";

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"seed {Seed}; replay: {Replay}");
        text.AppendLine($"actors {string.Join(' ', Arguments.Select(a => $"'{Shown(a)}'"))}");
        foreach (var entry in Entries)
        {
            text.AppendLine(entry.ToString());
            if (entry.Kind == PlantedKind.File)
            {
                text.AppendLine(Shown(Encoding.UTF8.GetString(entry.Content)));
            }
        }

        return text.ToString();
    }

    private static string Shown(string text)
    {
        var cut = text.Length <= ShownMax ? text : $"{text[..ShownMax]}... ({text.Length} characters)";
        return string.Concat(cut.Select(c => char.IsControl(c) && c is not '\n' ? $"\\u{(int)c:X4}" : c.ToString()));
    }
}
