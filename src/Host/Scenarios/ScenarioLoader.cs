using Actors.Engine;
using Actors.Engine.Configuration;
using Actors.Host.Commands;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace Actors.Host.Scenarios;

/// <summary>Reads a scenario's file, strictly: what is not understood is refused.</summary>
internal static class ScenarioLoader
{
    /// <summary>Reads, overrides and checks a scenario.</summary>
    /// <param name="path">The file, absolute or relative to the current directory.</param>
    /// <param name="overrides">What the command line sets, in order.</param>
    /// <exception cref="UsageException">The file is not there.</exception>
    /// <exception cref="HoconException">It does not parse.</exception>
    /// <exception cref="FileEngineConfigurationException">A key or value is not legal.</exception>
    public static Scenario Load(string path, IReadOnlyList<SettingOverride> overrides)
    {
        _ = UserPath.Absolute("SCENARIO.conf", path);
        if (!File.Exists(path) && path.StartsWith('-'))
        {
            throw new UsageException($"{path} is no option of run. See: actors run --help");
        }

        if (!File.Exists(path))
        {
            throw new UsageException(
                $"{path}: there is no such scenario file. Shipped scenarios: " +
                $"{string.Join(", ", ShippedScenarios.Paths())}.");
        }

        var assignments = overrides.Where(o => o.InPhase is null).Select(o => o.Assignment);
        var config = HoconSource.Load(path, assignments).Config;
        foreach (var setting in overrides)
        {
            if (setting.InPhase is { } target)
            {
                SetInPhase(config, setting, target.Phase, target.Key);
            }
        }

        return Read(path, config);
    }

    private static Scenario Read(string path, Config config)
    {
        var root = new ConfigReader(config, "");
        root.Skip("actors");
        root.Skip("scenario");
        root.RejectUnknown();
        RefuseWiring(config);
        var engine = EngineSettings.Create(config);
        var section = root.GetSection("scenario");
        var settings = Read(section, config, engine);
        root.RejectUnknown();
        return new Scenario(path, settings, engine, config, ReadFileNames(section, settings.Files));
    }

    private static ScenarioSettings Read(ConfigReader section, Config config, EngineSettings engine)
    {
        var files = section.GetInt("files", 1, FileNameRule.FilesMax);
        var seed = section.GetLongOrNull("seed", long.MinValue, long.MaxValue) ?? 0;
        var verify = section.GetBoolOrNull("verify") ?? true;
        var phases = new PhaseReader(engine, files, verify);
        var settings = new ScenarioSettings(
            ReadName(section),
            ReadDirectory(section),
            files,
            section.GetString("file-name"),
            ReadBackends(section, config),
            ReadSkipped(section, config),
            verify,
            seed,
            [.. section.GetSections("phases").Select(phases.Read)]);
        return settings.Phases.Count > 0
            ? settings
            : throw section.Fault("phases", "must have at least one phase, [ { name = write, ... } ]");
    }

    private static string ReadName(ConfigReader section)
    {
        var name = section.GetString("name");
        return !name.Any(char.IsControl) ? name : throw section.Fault("name", "must be without control characters");
    }

    private static string ReadDirectory(ConfigReader section)
    {
        var directory = section.GetString("directory");
        return directory.Length > 0 && !directory.Any(char.IsControl)
            ? directory
            : throw section.Fault("directory", "must be the path of a directory, without control characters");
    }

    private static IReadOnlyList<string> ReadBackends(ConfigReader section, Config config)
    {
        const string available = ScenarioSettings.Available;
        const string auto = ScenarioSettings.Auto;
        var backends = NamesOf(section, config, "backends") ?? [available];
        var legal = $"must be {available}, {auto}, or a list of {string.Join(", ", BackendProbe.Names)}, each once";
        var isList = backends.Count > 0
            && backends.All(BackendProbe.Names.Contains)
            && backends.Distinct().Count() == backends.Count;
        return isList || backends is [available] or [auto] ? backends : throw section.Fault("backends", legal);
    }

    private static IReadOnlyList<string> ReadSkipped(ConfigReader section, Config config)
    {
        const string key = "skip-backends";
        var skipped = NamesOf(section, config, key) ?? [];
        if (!skipped.All(BackendProbe.Names.Contains))
        {
            throw section.Fault(key, $"must be a list of {string.Join(", ", BackendProbe.Names)}");
        }

        return skipped;
    }

    // A single name may stand without brackets.
    private static IReadOnlyList<string>? NamesOf(ConfigReader section, Config config, string key)
    {
        if (!section.Has(key))
        {
            return null;
        }

        var isList = config.GetValue($"{section.Path}.{key}").Values is [HoconArray, ..];
        return isList ? section.GetStringList(key) : [section.GetString(key)];
    }

    private static FileNameRule ReadFileNames(ConfigReader section, int files)
    {
        try
        {
            return FileNameRule.Parse(section.GetString("file-name"), files);
        }
        catch (FormatException e)
        {
            throw section.Fault("file-name", e.Message);
        }
    }

    // What is not the scenario's to say. The actor system is not either: akka is no key here.
    private static void RefuseWiring(Config config)
    {
        Refuse("actors.engine", "backend-name",
            "is chosen by scenario.backends, so that every backend can have its turn; set that, or --backend NAME");
        Refuse("actors", "engine-mailbox", "is the engine's own wiring; settings are in actors.engine");

        void Refuse(string path, string key, string why)
        {
            var section = new ConfigReader(config, path);
            if (section.Has(key))
            {
                throw section.Fault(key, why);
            }
        }
    }

    // Lists have no paths in HOCON; a phase is addressed by its name.
    private static void SetInPhase(Config config, SettingOverride setting, string phase, string key)
    {
        var value = HoconSource.Parse($"{key} = {setting.Literal}", HoconSource.OverrideName).Config.GetValue(key);
        var phases = config.GetValue("scenario.phases")?.Values is [HoconArray list, ..] ? list : [];
        var target = phases.FirstOrDefault(p => NameOf(p) == phase);
        if (target is null)
        {
            throw new UsageException(
                $"--set {setting.Key}: there is no phase \"{phase}\". Legal: scenario.phases.NAME.{key}, NAME one of " +
                $"{string.Join(", ", phases.Select(NameOf).OfType<string>())}.");
        }

        target.GetObject().Items[key] = value;
    }

    private static string? NameOf(HoconValue phase) =>
        phase.IsObject() && phase.GetObject().Items.TryGetValue("name", out var name) && name.IsString()
            ? name.GetString()
            : null;
}
