using System.Text.Json.Serialization;
using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Scenarios;

namespace Actors.Host.Reporting;

/// <summary>Settings under their names in HOCON, generated at build for a lean start.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower,
    UseStringEnumConverter = true,
    Converters = [
        typeof(DurationConverter),
        typeof(KebabEnumConverter<AcknowledgeMode>),
        typeof(KebabEnumConverter<Durability>),
    ])]
[JsonSerializable(typeof(ScenarioSettings))]
[JsonSerializable(typeof(EngineSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
