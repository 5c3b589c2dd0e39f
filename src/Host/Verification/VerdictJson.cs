using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Host.Verification;

/// <summary>The verifier's JSON, generated at build for a lean start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(DirectoryVerdict))]
internal sealed partial class VerdictJson : JsonSerializerContext
{
    /// <summary>With names outside ASCII left readable.</summary>
    public static VerdictJson Readable() => new(new JsonSerializerOptions(Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
