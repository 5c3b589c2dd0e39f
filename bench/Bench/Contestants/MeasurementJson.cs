using System.Text.Json;
using Actors.Bench.Contests;

namespace Actors.Bench.Contestants;

/// <summary>The line in which contestants in other processes report.</summary>
internal static class MeasurementJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>One line.</summary>
    public static string Write(Measurement measurement) => JsonSerializer.Serialize(measurement, Options);

    /// <summary>Reads the last line of what a contestant wrote.</summary>
    /// <exception cref="ContestantException">That is not a measurement.</exception>
    public static Measurement Read(string output)
    {
        var line = output.Trim().Split('\n')[^1];
        try
        {
            return JsonSerializer.Deserialize<Measurement>(line, Options)!;
        }
        catch (JsonException)
        {
            throw new ContestantException($"it did not report a measurement but: {line}");
        }
    }
}
