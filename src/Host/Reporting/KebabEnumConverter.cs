using System.Text.Json;
using System.Text.Json.Serialization;

namespace Actors.Host.Reporting;

/// <summary>Writes an enumeration's names as HOCON has them.</summary>
internal sealed class KebabEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower)
    where T : struct, Enum;
