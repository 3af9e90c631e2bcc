//! Which classes of schema.org are records here, and of what kind and type.

use super::graph::Node;

/// What a thing is as a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An asset of this type.
    Asset(&'static str),
    /// An organisation.
    Organisation,
    /// A resource of this type.
    Resource(&'static str),
}

impl Kind {
    /// The kind of record, as drafts name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Asset(_) => "asset",
            Self::Organisation => "organisation",
            Self::Resource(_) => "resource",
        }
    }
}

/// Classes by what they are here; for a thing of several classes the first of
/// these rows that has one of them counts, so the narrower stand first.
const CLASSES: &[(&[&str], Kind)] = &[
    // What takes place.
    (&["Course", "CourseInstance"], Kind::Asset("activity-asset")),
    (&["EventSeries", "ExerciseAction"], Kind::Asset("activity-asset")),
    (
        &[
            "Event",
            "BusinessEvent",
            "ChildrensEvent",
            "ComedyEvent",
            "ConferenceEvent",
            "DanceEvent",
            "DeliveryEvent",
            "EducationEvent",
            "ExhibitionEvent",
            "Festival",
            "FoodEvent",
            "Hackathon",
            "LiteraryEvent",
            "MusicEvent",
            "PerformingArtsEvent",
            "PublicationEvent",
            "SaleEvent",
            "ScreeningEvent",
            "SocialEvent",
            "SportsEvent",
            "TheaterEvent",
            "VisualArtsEvent",
        ],
        Kind::Asset("event"),
    ),
    // What is offered.
    (&["TaxiService", "BusTrip"], Kind::Asset("transport-service")),
    (&["FoodService"], Kind::Asset("food-service")),
    (
        &[
            "Service",
            "BroadcastService",
            "CableOrSatelliteService",
            "FinancialProduct",
            "GovernmentService",
            "WebAPI",
        ],
        Kind::Asset("service"),
    ),
    // Places, and businesses that are first of all a place.
    (&["Library"], Kind::Asset("library-venue")),
    (&["Hospital"], Kind::Asset("hospital")),
    (&["Pharmacy"], Kind::Asset("pharmacy")),
    (
        &[
            "MedicalClinic",
            "Physician",
            "Dentist",
            "Optician",
            "MedicalBusiness",
            "CommunityHealth",
        ],
        Kind::Asset("health-centre"),
    ),
    (&["ChildCare", "NursingHome"], Kind::Asset("care-service")),
    (
        &[
            "SportsActivityLocation",
            "BowlingAlley",
            "ExerciseGym",
            "GolfCourse",
            "HealthClub",
            "PublicSwimmingPool",
            "SkiResort",
            "StadiumOrArena",
            "TennisComplex",
        ],
        Kind::Asset("sports-venue"),
    ),
    (
        &["ArtGallery", "Museum", "MovieTheater", "MusicVenue", "PerformingArtsTheater"],
        Kind::Asset("arts-venue"),
    ),
    (&["CafeOrCoffeeShop"], Kind::Asset("meeting-cafe")),
    (
        &[
            "PlaceOfWorship",
            "BuddhistTemple",
            "CatholicChurch",
            "Church",
            "HinduTemple",
            "Mosque",
            "Synagogue",
        ],
        Kind::Asset("place-of-worship"),
    ),
    (&["PublicToilet"], Kind::Asset("public-toilet")),
    (&["Playground"], Kind::Asset("play-place")),
    (&["Park", "Mountain", "NationalPark"], Kind::Asset("green-space")),
    (
        &["BodyOfWater", "Beach", "Canal", "LakeBodyOfWater", "RiverBodyOfWater", "Reservoir"],
        Kind::Asset("blue-space"),
    ),
    (&["EventVenue", "TownHall", "CityHall", "CommunityCentre"], Kind::Asset("community-building")),
    // Organisations.
    (
        &[
            "Organization",
            "Airline",
            "Consortium",
            "Cooperative",
            "Corporation",
            "EducationalOrganization",
            "CollegeOrUniversity",
            "ElementarySchool",
            "HighSchool",
            "MiddleSchool",
            "Preschool",
            "School",
            "FundingAgency",
            "FundingScheme",
            "GovernmentOrganization",
            "LibrarySystem",
            "LocalBusiness",
            "MedicalOrganization",
            "NGO",
            "NewsMediaOrganization",
            "OnlineBusiness",
            "PerformingGroup",
            "DanceGroup",
            "MusicGroup",
            "TheaterGroup",
            "PoliticalParty",
            "Project",
            "ResearchOrganization",
            "ResearchProject",
            "SearchRescueOrganization",
            "SportsOrganization",
            "SportsClub",
            "SportsTeam",
            "WorkersUnion",
            // Businesses of LocalBusiness that are no venue of the community.
            "AnimalShelter",
            "ArchiveOrganization",
            "AutomotiveBusiness",
            "EmergencyService",
            "FireStation",
            "PoliceStation",
            "EmploymentAgency",
            "EntertainmentBusiness",
            "FinancialService",
            "FoodEstablishment",
            "Bakery",
            "BarOrPub",
            "Restaurant",
            "GovernmentOffice",
            "PostOffice",
            "HealthAndBeautyBusiness",
            "HomeAndConstructionBusiness",
            "InternetCafe",
            "LegalService",
            "LodgingBusiness",
            "ProfessionalService",
            "RadioStation",
            "RealEstateAgent",
            "RecyclingCenter",
            "SelfStorage",
            "ShoppingCenter",
            "Store",
            "TelevisionStation",
            "TouristInformationCenter",
            "TravelAgency",
            "VeterinaryCare",
        ],
        Kind::Organisation,
    ),
    // Places of any sort.
    (
        &[
            "Place",
            "Accommodation",
            "AdministrativeArea",
            "CivicStructure",
            "Bridge",
            "Cemetery",
            "Landform",
            "LandmarksOrHistoricalBuildings",
            "TouristAttraction",
            "TouristDestination",
            "Residence",
        ],
        Kind::Asset("venue"),
    ),
    // What can be read or used.
    (&["Report", "ScholarlyArticle"], Kind::Resource("research-report")),
    (&["Book"], Kind::Resource("book")),
    (&["Guide", "HowTo", "HowToSection", "FAQPage", "QAPage"], Kind::Resource("guide")),
    (&["Legislation", "DigitalDocument"], Kind::Resource("policy-document")),
    (&["SoftwareApplication", "WebApplication", "MobileApplication"], Kind::Resource("tool")),
    (&["LearningResource"], Kind::Resource("training-programme")),
    (
        &[
            "CreativeWork",
            "Article",
            "AdvertiserContentArticle",
            "NewsArticle",
            "AnalysisNewsArticle",
            "BackgroundNewsArticle",
            "OpinionNewsArticle",
            "ReportageNewsArticle",
            "ReviewNewsArticle",
            "SocialMediaPosting",
            "BlogPosting",
            "LiveBlogPosting",
            "TechArticle",
            "SpecialAnnouncement",
            "MedicalWebPage",
        ],
        Kind::Resource("article"),
    ),
];

/// What a thing is as a record; `None` when it is none by itself.
pub(super) fn kind(node: &Node) -> Option<Kind> {
    CLASSES.iter().find(|(classes, _)| node.is(classes)).map(|(_, kind)| *kind)
}

/// Whether it is something that takes place.
pub(super) fn is_event(node: &Node) -> bool {
    matches!(kind(node), Some(Kind::Asset("event" | "activity-asset")))
}

/// Whether it is a place, or a business that is one.
pub(super) fn is_place(node: &Node) -> bool {
    let services = ["event", "activity-asset", "service", "transport-service", "food-service"];
    matches!(kind(node), Some(Kind::Asset(slug)) if !services.contains(&slug))
        || node.is(&["LocalBusiness", "FoodEstablishment", "Store", "GovernmentOffice"])
}
