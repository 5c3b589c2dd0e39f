using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Host.Reporting;

/// <summary>Writes durations as HOCON has them: <c>20us</c>, <c>500ms</c>, <c>30s</c>, <c>infinite</c>.</summary>
internal sealed class DurationConverter : JsonConverter<TimeSpan>
{
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Durations are only written.");

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Text(value));

    private static string Text(TimeSpan value)
    {
        if (value == Timeout.InfiniteTimeSpan)
        {
            return "infinite";
        }

        var (number, unit) = value.Ticks switch
        {
            var t when t % TimeSpan.TicksPerSecond == 0 => (t / TimeSpan.TicksPerSecond, "s"),
            var t when t % TimeSpan.TicksPerMillisecond == 0 => (t / TimeSpan.TicksPerMillisecond, "ms"),
            var t => (t / TimeSpan.TicksPerMicrosecond, "us"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}");
    }
}
