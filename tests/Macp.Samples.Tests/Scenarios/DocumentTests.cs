using Macp.Tests;

namespace Macp.Samples.Tests.Scenarios;

/// <summary>The page shows the scenario that is compiled and run here.</summary>
public class DocumentTests
{
    [Fact]
    public void The_page_shows_the_scenario_as_it_is()
    {
        string shown = File.ReadAllText(Path.Combine(SharedFolder.Repository, "docs", "scenarios.md")).Split("```csharp\n")[1].Split("```")[0];

        Assert.Equal(File.ReadAllText(Path.Combine(SharedFolder.Repository, "tests", "Macp.Samples.Tests", "Scenarios", "DocumentedScenario.cs")), shown);
    }
}
