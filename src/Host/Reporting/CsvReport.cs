using System.Text;
using System.Text.Json.Nodes;
using Actors.Host.Documents;

namespace Actors.Host.Reporting;

/// <summary>The report's runs as CSV (RFC 4180): one row for each, the JSON's names flattened with dots.</summary>
internal static class CsvReport
{
    // What has the names when there are no runs.
    private static readonly PhaseReport Blank = new(
        "", "", default, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        new LatencyReport(0, 0, 0, 0, 0, 0, 1), new MemoryReport(0, 0, 0, 0), new MailboxReport(0, 0), 0, null, []);

    /// <summary>The text, header included.</summary>
    public static string Format(IReadOnlyList<PhaseReport> runs)
    {
        var text = new StringBuilder();
        AppendRow(text, Flatten(Blank).Select(f => f.Key));
        foreach (var run in runs)
        {
            AppendRow(text, Flatten(run).Select(f => f.Value));
        }

        return text.ToString();
    }

    private static IEnumerable<KeyValuePair<string, string>> Flatten(PhaseReport run) =>
        Flatten("", RecordJson.Documents.Tree(run));

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string prefix, JsonObject section)
    {
        foreach (var (key, value) in section)
        {
            if (value is JsonObject inner)
            {
                foreach (var field in Flatten($"{prefix}{key}.", inner))
                {
                    yield return field;
                }
            }
            else
            {
                yield return new(prefix + key, Text(value));
            }
        }
    }

    private static string Text(JsonNode? value) => value switch
    {
        null => "",
        JsonArray list => string.Join("; ", list.Select(Text)),
        _ => value.ToString(),
    };

    private static void AppendRow(StringBuilder text, IEnumerable<string> fields) =>
        text.AppendJoin(',', fields.Select(Quoted)).Append("\r\n");

    private static string Quoted(string field) =>
        field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"")}\"" : field;
}
