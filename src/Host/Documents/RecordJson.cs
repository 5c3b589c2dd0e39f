using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Actors.Host.Documents;

/// <summary>
/// Writes records as JSON: their public properties in order, under the names that a policy gives them; names of
/// enumerations in kebab case. Of <see cref="JsonIgnoreAttribute"/> it knows what the records use: never, or not when
/// null.
/// </summary>
/// <remarks>
/// Reflection and not <see cref="JsonSerializer"/>, whose metadata, generated at build as well, is generic over every
/// enumeration and nullable in the records: no image compiled ahead has those, so a cold run compiled 1,000 methods
/// to write two small documents.
/// </remarks>
internal sealed class RecordJson
{
    /// <summary>Documents for programs: the report, the manifest, verdicts.</summary>
    public static readonly RecordJson Documents =
        new(JsonNamingPolicy.CamelCase, duration => duration.ToString("c", CultureInfo.InvariantCulture));

    private readonly JsonNamingPolicy _names;
    private readonly Func<TimeSpan, string> _duration;

    /// <summary>A style of its own.</summary>
    /// <param name="names">Makes the keys from the names of properties.</param>
    /// <param name="duration">Makes the text of a duration.</param>
    public RecordJson(JsonNamingPolicy names, Func<TimeSpan, string> duration)
    {
        _names = names;
        _duration = duration;
    }

    /// <summary>The record as a text for people too: indented, names outside ASCII left readable.</summary>
    public string Text(object record)
    {
        using var text = new MemoryStream();
        Write(text, record, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return System.Text.Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>The record as a tree.</summary>
    public JsonObject Tree(object record)
    {
        using var text = new MemoryStream();
        Write(text, record);
        text.Position = 0;
        return JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>Writes the record, indented.</summary>
    public void Write(Stream target, object record, JavaScriptEncoder? encoder = null)
    {
        using var writer = new Utf8JsonWriter(target, new JsonWriterOptions { Indented = true, Encoder = encoder });
        Write(writer, record);
    }

    private void Write(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case Enum name:
                writer.WriteStringValue(JsonNamingPolicy.KebabCaseLower.ConvertName(name.ToString()));
                break;
            case TimeSpan duration:
                writer.WriteStringValue(_duration(duration));
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            default:
                WriteParts(writer, value);
                break;
        }
    }

    private void WriteParts(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case JsonNode tree:
                tree.WriteTo(writer);
                break;
            case IReadOnlyDictionary<string, string> texts:
                writer.WriteStartObject();
                foreach (var (name, text) in texts)
                {
                    writer.WriteString(name, text);
                }

                writer.WriteEndObject();
                break;
            case System.Collections.IEnumerable items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            default:
                WriteProperties(writer, value);
                break;
        }
    }

    private void WriteProperties(Utf8JsonWriter writer, object record)
    {
        writer.WriteStartObject();
        foreach (var property in record.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            var ignored = property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition;
            if (ignored == JsonIgnoreCondition.Always)
            {
                continue;
            }

            var value = property.GetValue(record);
            if (value is not null || ignored is null)
            {
                writer.WritePropertyName(_names.ConvertName(property.Name));
                Write(writer, value);
            }
        }

        writer.WriteEndObject();
    }
}
